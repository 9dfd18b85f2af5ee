"""What each command takes, a file for each; what it does stands in the file of that name beside this folder."""

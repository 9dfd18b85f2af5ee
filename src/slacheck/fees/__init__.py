"""What credits are a share of: amounts, columns of registers, the fee of the period before, the greater of several."""

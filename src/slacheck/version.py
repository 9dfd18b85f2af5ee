"""The version, as a constant, so that printing it imports nothing."""

VERSION = "0.1.0"

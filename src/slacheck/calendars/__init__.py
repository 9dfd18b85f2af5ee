"""Calendars: civil hours, turned once into the time that counts."""

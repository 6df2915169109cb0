"""How numbers and dates are written where Django's Vietnamese formats leave it open."""

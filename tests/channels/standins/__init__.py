"""Local servers that speak the documented interfaces of the platforms and refuse what the platforms refuse."""

"""How fast the portal is, beside what the same machine could do at best. Run by `python3 portal bench`."""

"""For service halls: pages for a public terminal with large targets, and guides that fit on one sheet of paper."""

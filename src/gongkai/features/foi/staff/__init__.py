"""Pages of the back office: boards, cases, and the steps of a case."""

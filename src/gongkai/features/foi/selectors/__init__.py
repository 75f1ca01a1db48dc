"""Looking at applications: boards, cases, what an applicant sees, figures."""

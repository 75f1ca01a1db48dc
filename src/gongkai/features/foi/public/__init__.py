"""Pages of applicants: applying, following an application by its query code, figures."""

"""One folder a business area, all of one shape."""

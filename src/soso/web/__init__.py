"""HTTP: pages, API, feeds, operator pages. Calls flows through an App; knows status codes and HTML."""

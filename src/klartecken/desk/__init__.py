"""The licence desk: orders, holds, releases, applications, licences, on a database."""

"""The engine's version, which every answer carries."""

__version__ = "0.1.0"
ENGINE = f"klartecken {__version__}"

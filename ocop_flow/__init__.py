"""ocop_flow: the OCOP product dossier as a state machine whose law is data and whose every move is an event."""

__version__ = "0.1.0"

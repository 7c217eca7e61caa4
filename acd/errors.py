"""What distribution raises: only ever a fault of the program itself."""


class ImpossibleMove(Exception):
    """A state machine was asked for a move that its table calls impossible."""

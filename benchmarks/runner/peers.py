"""The peers, each the best honest adapter that we could write. A peer that cannot be had here is skipped aloud."""


def node_peers(rows, work, profiles):
    """(label, opener, profiles, what of its counts must match)"""
    return []

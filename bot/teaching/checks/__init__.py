"""Names trainers' mistakes in seconds: everything that a training or a start would stumble over, with file and line."""

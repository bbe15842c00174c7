"""What is asked: question kinds, the worksheet model, and how worksheet files are read and checked."""

"""What people answered: answers and positions as values, how a group agrees, and who may see what."""

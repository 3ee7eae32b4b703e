"""What an editor should look at before and after articles are published."""

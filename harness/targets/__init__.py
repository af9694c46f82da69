"""What is verified: started in a clean environment, watched, stopped."""

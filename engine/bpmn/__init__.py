"""A diagram before it runs: reading (safe XML), model, checks, lowering."""

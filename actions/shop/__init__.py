"""The company's own system: orders, the product range and the technicians' diary, behind one small interface."""

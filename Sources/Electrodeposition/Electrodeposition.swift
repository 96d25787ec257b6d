// Electrodeposition

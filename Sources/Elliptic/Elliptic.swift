// Elliptic

// RunFiles

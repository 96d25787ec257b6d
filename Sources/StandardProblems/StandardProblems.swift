// StandardProblems

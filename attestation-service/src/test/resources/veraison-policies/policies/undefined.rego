package policy

executables = ok

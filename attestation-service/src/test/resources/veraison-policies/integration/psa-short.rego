package policy

executables = APPROVED_RT

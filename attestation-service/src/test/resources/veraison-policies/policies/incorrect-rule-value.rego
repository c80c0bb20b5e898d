package policy

executables = "SURE" {
  true
} else = "NOPE"



# What follows is put below each policy, so that its own lines keep their numbers. Trustee gives its policies the claims
# as `input` and the request as `data`, which an OPA has for all at once: so `allow` is asked with them in their place.
# No rule has a body: so it is Rego v0 and v1 alike.

outcome := {
  "policy": "@ID@",
  "allow": [decision |
    claims := input.input
    request := input.data
    decision := allow with input as claims
      with data.plugin as request.plugin
      with data["resource-path"] as request["resource-path"]
      with data.query as request.query
  ]
}

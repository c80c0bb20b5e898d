bad_rule:;;

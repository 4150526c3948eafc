"""What several commands do alike: the parts that their stories are told with."""

# Say hello to whoever types a name.

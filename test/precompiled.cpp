// Says in which language the headers are that all test programs share. Includes nothing.

"""The law: pure functions, frozen values and tables.

Time is an argument; nothing here waits, stores or knows of GraphQL.
"""

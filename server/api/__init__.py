"""The edge: requests and sockets to operations and back. It knows GraphQL, limits and manners, none of our nouns."""

"""The sandbox's what people do: translate, publish, put into the project, look at it."""

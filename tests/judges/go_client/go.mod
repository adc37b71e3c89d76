module go_client

go 1.19

require github.com/99designs/api-sdk-go v0.0.0-20180919023439-621ccf0ab7a6

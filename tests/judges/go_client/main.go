// Every operation of 99designs' client of the service, once, against a sandbox; run by `test_go_client`.
// Usage: go_client URL PROJECT ACCOUNT. Prints a line for each operation: its name and `ok`, or what went wrong.
package main

import (
	"fmt"
	"io"
	"os"

	smartling "github.com/99designs/api-sdk-go"
)

func say(name string, err error) {
	if err != nil {
		fmt.Printf("%s %q\n", name, err)
		return
	}
	fmt.Printf("%s ok\n", name)
}

func read(from io.Reader, err error) error {
	if err == nil {
		_, err = io.ReadAll(from)
	}
	return err
}

func main() {
	url, project, account := os.Args[1], os.Args[2], os.Args[3]
	client := smartling.NewClient("test-user", "test-secret")
	client.BaseURL = url
	say("Authenticate", client.Authenticate())

	upload := smartling.FileUploadRequest{File: []byte(`{"hello": "Hello world"}`), FileType: smartling.FileTypeJSON}
	upload.FileURI = "a.json"
	upload.Smartling.Directives = map[string]string{"source_key_paths": "{*}"}
	_, err := client.UploadFile(project, upload)
	say("UploadFile", err)
	uri := smartling.FileURIRequest{FileURI: "a.json"}
	imported := smartling.ImportRequest{FileURIRequest: uri, File: []byte(`{"hello": "Hallo"}`)}
	imported.FileType, imported.TranslationState, imported.Overwrite = smartling.FileTypeJSON, "PUBLISHED", true
	_, err = client.Import(project, "de-DE", imported)
	say("Import", err)

	say("DownloadFile", read(client.DownloadFile(project, "a.json")))
	say("DownloadTranslation", read(client.DownloadTranslation(project, "de-DE", smartling.FileDownloadRequest{FileURIRequest: uri})))
	_, err = client.GetFileStatus(project, "a.json")
	say("GetFileStatus", err)
	_, err = client.LastModified(project, smartling.FileLastModifiedRequest{FileURIRequest: uri})
	say("LastModified", err)
	_, err = client.ListFiles(project, smartling.FilesListRequest{})
	say("ListFiles", err)
	_, err = client.ListAllFiles(project, smartling.FilesListRequest{})
	say("ListAllFiles", err)
	_, err = client.ListFileTypes(project)
	say("ListFileTypes", err)
	_, err = client.ListProjects(account, smartling.ProjectsListRequest{})
	say("ListProjects", err)
	_, err = client.GetProjectDetails(project)
	say("GetProjectDetails", err)
	say("RenameFile", client.RenameFile(project, "a.json", "b.json"))
	say("DeleteFile", client.DeleteFile(project, "b.json"))
}

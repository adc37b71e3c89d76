// Everything that the service's official Node client can do, done against a sandbox; run by `test_sdk`.
// Usage: node node_tutorial.cjs URL PROJECT ACCOUNT. Prints what was seen as one JSON object.
"use strict";

const sdk = require("smartling-api-sdk-nodejs");

const [url, project, account] = process.argv.slice(2);
const LOCALES = ["de-DE", "fr-FR"];
const HELLO = JSON.stringify({ greeting: "Hello world", farewell: "Good bye" });
const PAGE = "<!DOCTYPE html><html><body><p data-sl-anchor=\"7\">Hello world</p></body></html>";
const FLOW = "sandboxflow1";

const builder = new sdk.SmartlingApiClientBuilder()
    .setBaseSmartlingApiUrl(url)
    .setClientLibMetadata("sandbox-test", "1.0")
    .authWithUserIdAndUserSecret("test-user", "test-secret");

// Operations that this client has no method for go through its own request layer.
class OtherApi extends sdk.SmartlingBaseApi {
    constructor(baseUrl, authApi, logger) {
        super(logger);
        this.authApi = authApi;
        this.entrypoint = baseUrl;
    }

    json(verb, path, body) {
        return this.makeRequest(verb, `${this.entrypoint}${path}`, JSON.stringify(body));
    }

    form(path, fields, file) {
        const FormData = require(require.resolve("form-data", { paths: [require.resolve("smartling-api-sdk-nodejs")] }));
        const form = new FormData();
        Object.entries(fields).forEach(([name, value]) => form.append(name, value));
        if (file) {
            form.append("file", Buffer.from(file), { filename: "file.json", contentType: "text/plain" });
        }
        const headers = sdk.SmartlingFilesApi.fixContentTypeHeaderCase(form);
        return this.makeRequest("post", `${this.entrypoint}${path}`, form, false, headers);
    }
}

async function until(look, done) {
    for (let found = await look(); ; found = await look()) {
        if (done(found)) {
            return found;
        }
        await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
}

async function control(path, body) {
    const answer = await fetch(`${url}/sandbox/api/${path}`, { method: "POST", body: JSON.stringify(body) });
    return answer.json();
}

async function main() {
    const seen = {};
    const files = builder.build(sdk.SmartlingFilesApi);
    const jobs = builder.build(sdk.SmartlingJobsApi);
    const batches = builder.build(sdk.SmartlingJobBatchesApi);
    const other = builder.build(OtherApi);

    // upload, lists, status
    const upload = (uri) => files.uploadFile(project, new sdk.UploadFileParameters()
        .setFileContent(HELLO).setFileType(sdk.FileType.JSON).setFileUri(uri).setDirective("namespace", "n"));
    seen.upload = await upload("direct.json");
    seen.again = await upload("direct.json");
    seen.listed = (await files.getRecentlyUploadedFiles(project, new sdk.RecentlyUploadedFilesParameters()
        .setUriMask("direct").setLimit(5))).totalCount;
    seen.status = (await files.getStatusForAllLocales(project, "direct.json")).totalStringCount;

    // job, batch, progress, authorization
    const job = await batches.createJob(project, "Node {yyyy}", new sdk.JobBatchesParameters()
        .setTargetLocaleIds(LOCALES).setDescription("d"));
    const { batchUid } = await batches.createBatch(project, new sdk.CreateBatchParameters()
        .setTranslationJobUid(job.translationJobUid).setAuthorize(false)
        .addFileUri("one.json").addFileUri("two.json"));
    await batches.registerBatchFile(project, batchUid, new sdk.RegisterBatchFileParameters().setFileUri("three.json"));
    await batches.cancelBatchFile(project, batchUid, new sdk.CancelBatchFileParameters()
        .setFileUri("two.json").setReason("not needed"));
    for (const uri of ["one.json", "three.json"]) {
        await batches.uploadBatchFile(project, batchUid, new sdk.UploadBatchFileParameters()
            .setFileContent(HELLO).setFileType(sdk.FileType.JSON).setFileUri(uri)
            .setLocalesToApprove(LOCALES).setClientLibId("sandbox-test", "1.0")
            .setDirective("source_key_paths", "{*}"));
    }
    const status = await until(
        () => batches.getBatchStatus(project, batchUid), (found) => found.status === "COMPLETED"
    );
    seen.batch = status.files.map((each) => each.status);
    seen.batches = (await batches.listBatches(project, new sdk.ListBatchesParameters())).totalCount;
    const uid = job.translationJobUid;
    seen.before = (await jobs.getJobProgress(project, uid, new sdk.JobProgressParameters())).progress.percentComplete;
    const authorization = new sdk.AuthorizeJobParameters();
    LOCALES.forEach((locale) => authorization.addLocaleWorkflows(locale, FLOW));
    await jobs.authorizeJob(project, uid, authorization);
    const before = new Date(Date.now() - 60000);
    await control(`projects/${project}/translate`, { locales: { "de-DE": 100, "fr-FR": 100 } });
    seen.after = (await jobs.getJobProgress(project, uid, new sdk.JobProgressParameters())).progress.percentComplete;
    seen.job = (await jobs.getJob(project, uid)).jobStatus;
    seen.files = (await jobs.getJobFiles(project, uid, new sdk.ListJobFilesParameters())).totalCount;
    seen.found = (await jobs.searchJobs(project, new sdk.SearchJobsParameters().setFileUris(["one.json"]))).totalCount;

    // downloads
    const german = await files.downloadFile(project, "one.json", "de-DE", new sdk.DownloadFileParameters()
        .setRetrievalType(sdk.RetrievalType.PUBLISHED).includeOriginalStrings());
    seen.german = JSON.parse(german).greeting;
    const zip = await files.downloadFileAllTranslations(
        project, "one.json", new sdk.DownloadFileAllTranslationsParameters()
    );
    seen.zip = Buffer.from(zip).subarray(0, 2).toString("latin1");
    seen.published = (await builder.build(sdk.SmartlingPublishedFilesApi).getRecentlyPublishedFiles(
        project, new sdk.RecentlyPublishedFilesParameters().setPublishedAfterDate(before).setFileUris(["one.json"])
    )).totalCount;
    seen.modified = (await files.getLastModified(project, "one.json")).items[0].lastModified instanceof Date;

    // rename, import, delete
    await other.form(`/files-api/v2/projects/${project}/file/rename`, { fileUri: "three.json", newFileUri: "3.json" });
    seen.imported = await other.form(`/files-api/v2/projects/${project}/locales/de-DE/file/import`, {
        fileUri: "3.json", fileType: "json", translationState: "PUBLISHED", overwrite: "true"
    }, JSON.stringify({ greeting: "Hallo Welt" }));
    seen.deleted = await files.deleteFile(project, "3.json");

    // strings
    const strings = builder.build(sdk.SmartlingStringsApi);
    seen.strings = (await strings.getSourceStrings(project, new sdk.FetchSourceStringsParameters()
        .setFileUri("one.json"))).items.length;
    const made = await strings.createStrings(project, new sdk.CreateStringsParameters()
        .addString(new sdk.StringItemParameters("Brand new").setVariant("v")));
    seen.created = [made.stringCount, made.items[0].overWritten];
    seen.process = (await strings.getCreateStringStatus(project, made.processUid)).processState;
    const hashcode = made.items[0].hashcode;

    // context
    const context = builder.build(sdk.SmartlingContextApi);
    const uploaded = await context.upload(
        project, new sdk.ContextUploadParameters().setName("page.html").setContent(PAGE),
        { group: "g", name: "n", version: "1" }
    );
    const match = await context.runAutomaticMatch(
        project, uploaded.contextUid, new sdk.ContextAutomaticMatchParameters().setFileUri("one.json")
    );
    seen.match = (await until(
        () => other.makeRequest("get", `${url}/context-api/v2/projects/${project}/processes/${match.processUid}`),
        (found) => found.processState !== "IN_PROGRESS"
    )).result.bindings.length;
    await context.createStringsToContextBindings(project, new sdk.CreateBindingsParameters()
        .addBinding({ contextUid: uploaded.contextUid, stringHashcode: hashcode }));
    seen.contexts = (await context.listContexts(project, new sdk.ListParameters().setNameFilter("page"))).items.length;
    seen.contextDeleted = await context.delete(project, uploaded.contextUid);

    // issues
    const issues = `/issues-api/v2/projects/${project}/issues`;
    const issue = await other.json("post", issues, {
        issueText: "What is this?", issueTypeCode: "SOURCE", issueSubTypeCode: "CLARIFICATION", string: { hashcode }
    });
    await other.json("post", `${issues}/${issue.issueUid}/comments`, { commentText: "A button" });
    seen.issue = (await other.json("put", `${issues}/${issue.issueUid}/state`, { issueStateCode: "RESOLVED" })).issueStateCode;

    // projects, locales, glossaries, webhooks, reports
    const projects = builder.build(sdk.SmartlingProjectsApi);
    seen.project = (await projects.getProjectDetails(project)).targetLocales.length;
    seen.projects = (await projects.listProjects(account)).items.some((each) => each.projectId === project);
    seen.locales = (await builder.build(sdk.SmartlingLocalesApi).getLocales(new sdk.GetLocalesParameters())).totalCount > 10;
    const glossaries = builder.build(sdk.SmartlingGlossariesApi);
    await other.json("post", `/glossary-api/v3/accounts/${account}/glossaries`, { glossaryName: `Node ${project}`, localeIds: ["en-US"] });
    const search = new sdk.SearchGlossariesParameters();
    search.set("query", project);
    const [glossary] = (await glossaries.searchGlossaries(account, search)).items;
    const entries = new sdk.ExportEntriesParameters();
    Object.entries({ format: "CSV", filter: {}, localeIds: ["en-US"] }).forEach(([key, value]) => entries.set(key, value));
    seen.glossary = (await glossaries.exportGlossaryEntries(account, glossary.glossaryUid, entries)).includes("en-US");
    seen.words = (await builder.build(sdk.SmartlingReportServiceApi).getWordsCountReport(new sdk.WordCountParameters()
        .setAccountUid(account).setStartDate(before).setEndDate(new Date()).setProjectIds([project]))).items.length;
    try {
        await files.getStatusForAllLocales(project, "none.json");
    } catch (error) {
        seen.refused = JSON.parse(error.payload.errorResponse).response.errors[0].key;
        seen.requestId = Boolean(error.payload.requestId);
    }
    process.stdout.write(JSON.stringify(seen));
}

main().catch((error) => {
    process.stderr.write(`${error.stack} ${JSON.stringify(error.payload || {})}\n`);
    process.exit(1);
});

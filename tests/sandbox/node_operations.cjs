// Every operation of the service's official Node client, once; run by `test_clients`.
// Usage: node node_operations.cjs URL PROJECT ACCOUNT. Prints one JSON object: operation to HTTP status, or to
// the text of what went wrong in the client itself; 0 for an operation that was not called.
"use strict";

const sdk = require("smartling-api-sdk-nodejs");

const [url, project, account] = process.argv.slice(2);
const LOCALES = ["de-DE", "fr-FR"];
const HELLO = JSON.stringify({ greeting: "Hello world", farewell: "Good bye" });
const FLOW = "sandboxflow1";
const APIS = Object.entries(sdk).filter(([name]) => /^Smartling.+Api$/.test(name) && name !== "SmartlingBaseApi");
// What sends nothing by itself.
const INNER = new Set([
    "constructor", "alterRequestData", "resetRequestTimeStamp", "tokenExists", "tokenExpired", "tokenCanBeRenewed",
    "getAccessToken", "getTokenType", "resetToken", "time"
]);

const builder = new sdk.SmartlingApiClientBuilder()
    .setBaseSmartlingApiUrl(url)
    .setClientLibMetadata("sandbox-test", "1.0")
    .authWithUserIdAndUserSecret("test-user", "test-secret");
const statuses = {};
for (const [name, api] of APIS) {
    Object.getOwnPropertyNames(api.prototype).filter((method) => !INNER.has(method))
        .forEach((method) => { statuses[`${name}.${method}`] = 0; });
}

// Returns the API with each call's outcome kept; what is not implemented answers undefined.
function watched(api, name = api.constructor.name) {
    return new Proxy(api, {
        get: (target, method) => async (...given) => {
            const key = `${name}.${method}`;
            try {
                const answer = await target[method](...given);
                statuses[key] = 200;
                return answer;
            } catch (error) {
                statuses[key] = (error.payload && error.payload.statusCode) || `${error.stack}`;
                return undefined;
            }
        }
    });
}

const use = (api) => watched(builder.build(api));
const fields = (values, Parameters = sdk.BaseParameters) => {
    const parameters = new Parameters();
    Object.entries(values).forEach(([name, value]) => parameters.set(name, value));
    return parameters;
};

async function control(path, body) {
    const answer = await fetch(`${url}/sandbox/api/${path}`, { method: "POST", body: JSON.stringify(body) });
    return answer.json();
}

async function authentication() {
    const auth = new sdk.SmartlingAuthApi(url, "test-user", "test-secret", { debug() {}, warn() {}, error() {} });
    const api = watched(auth, "SmartlingAuthApi");
    auth.response = await api.authenticate();
    auth.resetRequestTimeStamp();
    await api.refreshToken();
}

async function jobsAndFiles() {
    const batches = use(sdk.SmartlingJobBatchesApi);
    const jobs = use(sdk.SmartlingJobsApi);
    const files = use(sdk.SmartlingFilesApi);
    const uid = (await jobs.createJob(project, new sdk.CreateJobParameters()
        .setName("One").setTargetLocaleIds(LOCALES).setDueDate(new Date(Date.now() + 1e9)))).translationJobUid;
    await jobs.updateJob(project, uid, fields({ jobName: "Two", description: "d" }));
    await files.uploadFile(project, fields({ file: HELLO, fileUri: "direct.json", fileType: "json" }));
    const batch = (await batches.createBatch(project, fields({
        translationJobUid: uid, authorize: false, fileUris: ["one.json", "two.json"]
    }))).batchUid;
    await batches.registerBatchFile(project, batch, new sdk.RegisterBatchFileParameters().setFileUri("three.json"));
    for (const uri of ["two.json", "three.json"]) {
        await batches.cancelBatchFile(project, batch, new sdk.CancelBatchFileParameters().setFileUri(uri));
    }
    await batches.uploadBatchFile(project, batch, new sdk.UploadBatchFileParameters()
        .setFileContent(HELLO).setFileType(sdk.FileType.JSON).setFileUri("one.json")
        .setLocalesToApprove(LOCALES).setClientLibId("sandbox-test", "1.0"));
    while ((await batches.getBatchStatus(project, batch)).status !== "COMPLETED");
    await batches.listBatches(project, new sdk.ListBatchesParameters());
    await batches.createJob(project, "Three", fields({ targetLocaleIds: LOCALES }, sdk.JobBatchesParameters));
    await jobs.addFileToJob(project, uid, fields({ fileUri: "direct.json", targetLocaleIds: LOCALES }));
    await jobs.getJobFileProgress(project, uid, fields({ fileUri: "direct.json" }));
    await jobs.removeFileFromJob(project, uid, fields({ fileUri: "direct.json" }));
    const strings = (await use(sdk.SmartlingStringsApi).getSourceStrings(project, fields({ fileUri: "one.json" }))).items;
    const hashcodes = strings.map((string) => string.hashcode);
    await jobs.removeStringsFromJob(project, uid, fields({ hashcodes: hashcodes.slice(1), localeIds: LOCALES }));
    await jobs.addStringsToJob(project, uid, fields({
        hashcodes: hashcodes.slice(1), targetLocaleIds: LOCALES, moveEnabled: true
    }));
    await jobs.getJob(project, uid);
    await jobs.getJobFiles(project, uid, new sdk.ListJobFilesParameters());
    await jobs.listJobs(project, new sdk.ListJobsParameters());
    await jobs.searchJobs(project, new sdk.SearchJobsParameters().setFileUris(["one.json"]));
    await jobs.authorizeJob(project, uid, fields({
        localeWorkflows: LOCALES.map((targetLocaleId) => ({ targetLocaleId, workflowUid: FLOW }))
    }));
    await control(`projects/${project}/translate`, {});
    await jobs.getJobProgress(project, uid, new sdk.JobProgressParameters());
    await files.getStatusForAllLocales(project, "one.json");
    await files.getLastModified(project, "one.json");
    await files.downloadFile(project, "one.json", "de-DE", new sdk.DownloadFileParameters());
    await files.downloadFileAllTranslations(project, "one.json", new sdk.DownloadFileAllTranslationsParameters());
    await files.getRecentlyUploadedFiles(project, fields({ uriMask: "one" }));
    await use(sdk.SmartlingPublishedFilesApi).getRecentlyPublishedFiles(project, new sdk.RecentlyPublishedFilesParameters()
        .setPublishedAfterDate(new Date(Date.now() - 60000)).setFileUris(["one.json"]));
    await files.deleteFile(project, "direct.json");
    await jobs.closeJob(project, uid, fields({}));
    const gone = (await jobs.createJob(project, fields({ jobName: "Four" }))).translationJobUid;
    await jobs.cancelJob(project, gone, fields({ reason: "no longer" }));
    await jobs.deleteJob(project, gone);
    return hashcodes;
}

async function stringsAndContexts(hashcodes) {
    const strings = use(sdk.SmartlingStringsApi);
    const made = await strings.createStrings(project, new sdk.CreateStringsParameters()
        .addString(new sdk.StringItemParameters("Brand new").setVariant("v")));
    await strings.getCreateStringStatus(project, made.processUid);
    const context = use(sdk.SmartlingContextApi);
    const { contextUid } = await context.upload(project, new sdk.ContextUploadParameters()
        .setName("page.html").setContent("<!DOCTYPE html><html><body><p>Hello world</p></body></html>"));
    await context.listContexts(project, new sdk.ListParameters());
    await context.runAutomaticMatch(
        project, contextUid, new sdk.ContextAutomaticMatchParameters().setFileUri("one.json")
    );
    await context.createStringsToContextBindings(project, new sdk.CreateBindingsParameters()
        .addBinding({ contextUid, stringHashcode: hashcodes[0] }));
    await context.delete(project, contextUid);
    const tags = use(sdk.SmartlingTagsApi);
    const tagged = fields({ stringHashcodes: hashcodes, tags: ["t"] });
    await tags.listAccountTags(account, fields({}));
    await tags.listProjectTags(project, fields({}));
    await tags.searchStringTags(project, tagged);
    await tags.addTagsToStrings(project, tagged);
    await tags.removeTagsFromStrings(project, tagged);
    await tags.removeAllTagsFromStrings(project, tagged);
}

async function accounts() {
    const projects = use(sdk.SmartlingProjectsApi);
    await projects.getProjectDetails(project);
    await projects.listProjects(account);
    await use(sdk.SmartlingLocalesApi).getLocales(new sdk.GetLocalesParameters());
    const reports = use(sdk.SmartlingReportServiceApi);
    const words = new sdk.WordCountParameters()
        .setAccountUid(account).setStartDate(new Date(0)).setEndDate(new Date()).setProjectIds([project]);
    await reports.getWorkflowStepTypes();
    await reports.getWordsCountReport(words);
    await reports.getWordsCountReportCsv(words);
    const glossaries = use(sdk.SmartlingGlossariesApi);
    await builder.build(sdk.SmartlingGlossariesApi).makeRequest(
        "post", `${url}/glossary-api/v3/accounts/${account}/glossaries`,
        JSON.stringify({ glossaryName: `Node ${project}`, localeIds: ["en-US"] })
    );
    const [glossary] = (await glossaries.searchGlossaries(account, fields({ query: project }))).items;
    await glossaries.getGlossary(account, glossary.glossaryUid);
    await glossaries.exportGlossaryEntries(
        account, glossary.glossaryUid, fields({ format: "CSV", filter: {}, localeIds: ["en-US"] })
    );
}

async function webhooks() {
    const hooks = use(sdk.SmartlingWebhooksApi);
    const wanted = ["hook", "https://127.0.0.1/hook", [{ type: "file.published", schemaVersion: "1.0" }]];
    await hooks.getAvailableEventTypes(account);
    const { subscriptionUid } = await hooks.createSubscription(
        account, new sdk.CreateSubscriptionParameters(...wanted).setProjectUids([project])
    );
    await hooks.getSubscriptions(account);
    await hooks.getSubscription(account, subscriptionUid);
    await hooks.updateSubscription(account, subscriptionUid, new sdk.UpdateSubscriptionParameters(...wanted, true));
    await hooks.enableSubscription(account, subscriptionUid);
    await hooks.updateSubscriptionSecret(account, subscriptionUid, new sdk.UpdateSubscriptionSecretParameters("s".repeat(32)));
    await hooks.getSubscriptionSecret(account, subscriptionUid);
    await hooks.testSubscription(account, subscriptionUid);
    await hooks.getSubscriptionStatistics(account, subscriptionUid);
    const events = await hooks.getSubscriptionEvents(account, subscriptionUid, new sdk.GetSubscriptionEventsParameters());
    const { eventId } = events.items[0];
    await hooks.getSubscriptionEvent(account, subscriptionUid, eventId);
    await hooks.getSubscriptionEventAttempts(account, subscriptionUid, eventId);
    await hooks.sendSubscriptionEvent(account, subscriptionUid, eventId);
    await hooks.disableSubscription(account, subscriptionUid);
    await hooks.deleteSubscription(account, subscriptionUid);
}

async function machineTranslation() {
    await use(sdk.SmartlingMachineTranslationsApi).translate(
        account, new sdk.SmartlingMTParameters("en", "de", [{ key: "k", sourceText: "Hello" }])
    );
    const files = use(sdk.SmartlingFileTranslationsApi);
    await files.uploadFile(account, fields({ file: Buffer.from(HELLO), fileName: "a.json", request: { fileType: "JSON" } }));
    await files.translateFile(account, "f", fields({ sourceLocaleId: "en", targetLocaleIds: ["de"] }));
    await files.getTranslationProgress(account, "f", "m");
    await files.downloadTranslatedFile(account, "f", "m", "de");
    await files.downloadTranslatedFileWithMetadata(account, "f", "m", "de");
    await files.downloadTranslatedFiles(account, "f", "m");
    await files.downloadTranslatedFilesWithMetadata(account, "f", "m");
    await files.cancelFileTranslation(account, "f", "m");
    await files.detectFileLanguage(account, "f", fields({}));
    await files.getLanguageDetectionProgress(account, "f", "d");
}

async function main() {
    await authentication();
    await stringsAndContexts(await jobsAndFiles());
    await accounts();
    await webhooks();
    await machineTranslation();
    process.stdout.write(JSON.stringify(statuses));
}

main().catch((error) => {
    process.stderr.write(`${error.stack} ${JSON.stringify(statuses)}\n`);
    process.exit(1);
});

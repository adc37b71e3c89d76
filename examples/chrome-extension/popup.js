chrome.tabs.query({}, tabs => {
  document.querySelector("#count").textContent = chrome.i18n.getMessage("count", [tabs.length]);
});

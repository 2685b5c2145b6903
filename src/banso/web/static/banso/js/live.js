/* Keeps the open page up to date.

   Parts of the page that may change carry data-live and an id; elements in them name accounts in
   data-account, and parts that show what arrives say data-live-topic="arrivals". A stream from the
   server says that something changed; then the page is fetched again, and only what differs is
   exchanged. A part with data-live="list" is left alone while somebody works in it: a button
   offers the new rows. Without a stream the page works as before, by loading it again. */

import { isDirty, morph } from "./morph.js";

/* Browsers allow one server six connections over HTTP/1.1, over all tabs: a hidden tab gives its
   own back soon, and catches up when it is shown. */
const HIDDEN_FOR = 5_000;
const PAUSE = { page: 300, list: 2_000 };
const RETRY = { first: 1_000, most: 60_000 };
const REFUSALS = 3;
const FRESH_FOR = 2_400;

const parts = () => [...document.querySelectorAll("[data-live][id]")];
const isList = (part) => part.dataset.live === "list";

let stream = null;
let retry = RETRY.first;
let retryTimer = 0;
let hiddenTimer = 0;
let refusals = 0;
/* Whether something may have happened that the page has not been told. */
let missed = document.hidden;

/* ---- Fetching the page again ---- */

let fetching = false;
let again = false;
let pauseTimer = 0;
let fetchedAt = 0;

function schedule() {
  if (pauseTimer || document.hidden) {
    missed ||= document.hidden;
    return;
  }
  const pause = parts().some(isList) ? PAUSE.list : PAUSE.page;
  const wait = Math.max(0, fetchedAt + pause - performance.now());
  pauseTimer = setTimeout(() => {
    pauseTimer = 0;
    refresh();
  }, wait);
}

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  fetchedAt = performance.now();
  try {
    const answer = await fetch(location.pathname + location.search, {
      headers: { "X-Banso-Live": "1" },
      cache: "no-store",
      redirect: "manual",
    });
    // Anything else means that one is signed out or the record is gone: the next click says so.
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    else close();
  } catch {
    missed = true;
  } finally {
    fetching = false;
    if (again) {
      again = false;
      schedule();
    }
  }
}

/* ---- Showing what is new ---- */

let waiting = null;
const offer = document.getElementById("live-offer");

function inUse(part) {
  if (part.contains(document.activeElement)) return true;
  if (document.querySelector("dialog[open]") || part.querySelector("details.menu[open]")) return true;
  if ([...part.querySelectorAll("input, select, textarea")].some(isDirty)) return true;
  const chosen = getSelection();
  return Boolean(chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode));
}

function differs(part, fresh) {
  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const mark of copy.querySelectorAll("[data-fresh], [data-cursor]")) {
      mark.removeAttribute("data-fresh");
      mark.removeAttribute("data-cursor");
    }
    for (const drawn of copy.querySelectorAll("input[name=csrfmiddlewaretoken], .chart-canvas")) drawn.remove();
    return copy.textContent.replace(/\s+/g, " ");
  };
  return plain(part) !== plain(fresh);
}

function show(page, { asked = false } = {}) {
  let held = false;
  for (const part of parts()) {
    const fresh = page.getElementById(part.id);
    if (!fresh) continue;
    if (isList(part) && !asked && inUse(part)) held ||= differs(part, fresh);
    else exchange(part, fresh);
  }
  waiting = held ? page : null;
  if (offer) offer.hidden = !held;
}

function exchange(part, fresh) {
  const told = new Set();
  morph(part, fresh, (element, isNew) => {
    if (isNew) window.htmx?.process(element);
    told.add(element);
  });
  for (const element of told) mark(element);
  if (told.size) part.dispatchEvent(new CustomEvent("banso:updated", { bubbles: true }));
}

function mark(element) {
  if (element.closest("svg, [data-live-quiet]")) return;
  const shown = element.closest("[data-cue]") ?? element;
  shown.setAttribute("data-fresh", "");
  setTimeout(() => shown.removeAttribute("data-fresh"), FRESH_FOR);
}

offer?.addEventListener("click", () => {
  if (waiting) show(waiting, { asked: true });
});

/* ---- Listening ---- */

function address() {
  const asked = new URLSearchParams();
  const accounts = new Set();
  const topics = new Set();
  for (const part of parts()) {
    if (part.dataset.liveTopic) topics.add(part.dataset.liveTopic);
    for (const one of [part, ...part.querySelectorAll("[data-account]")]) {
      if (one.dataset.account) accounts.add(one.dataset.account);
    }
  }
  if (accounts.size) asked.set("accounts", [...accounts].join(","));
  if (topics.size) asked.set("topics", [...topics].join(","));
  return accounts.size || topics.size ? `/live/?${asked}` : null;
}

function close() {
  clearTimeout(retryTimer);
  stream?.close();
  stream = null;
}

function open() {
  const wanted = address();
  if (!wanted || stream || document.hidden) return;
  stream = new EventSource(wanted);
  stream.addEventListener("accounts", schedule);
  stream.addEventListener("arrivals", schedule);
  stream.addEventListener("open", () => {
    retry = RETRY.first;
    refusals = 0;
    if (missed) {
      missed = false;
      schedule();
    }
  });
  stream.addEventListener("error", onError);
}

function onError() {
  const refused = stream?.readyState === EventSource.CLOSED;
  close();
  missed = true;
  // An answer that is no stream: too many have one open, nobody is signed in, or there is none.
  if (refused) {
    retry = RETRY.most;
    refusals += 1;
    if (refusals >= REFUSALS) return;
  }
  retryTimer = setTimeout(open, retry * (0.5 + Math.random()));
  retry = Math.min(retry * 2, RETRY.most);
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(() => {
      close();
      missed = true;
    }, HIDDEN_FOR);
  } else if (stream && missed) {
    missed = false;
    schedule();
  } else {
    open();
  }
});

/* A page that comes back from the browser's memory has missed what happened meanwhile. */
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  missed = true;
  open();
});

/* Rows that came in by exchange may be about other accounts. */
document.addEventListener("banso:updated", () => {
  const wanted = address();
  if (stream && wanted && stream.url !== new URL(wanted, location.href).href) {
    close();
    open();
  }
});

open();

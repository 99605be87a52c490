# Varnish in front of Dastan (docs/deploying.md): keeps answers of the API until Dastan takes them
# back by their surrogate keys. Needs the modules xkey and var, of varnish-modules.
vcl 4.1;

import std;
import var;
import xkey;

backend default {
    .host = "web";
    .port = "8000";
    # As long as a list may take that is asked for the first time.
    .first_byte_timeout = 20s;
    .probe = {
        .url = "/livez";
        .interval = 2s;
        .timeout = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# Who may take answers back: Dastan's worker.
acl purgers {
    "127.0.0.1";
    "10.0.0.0"/8;
    "172.16.0.0"/12;
    "192.168.0.0"/16;
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # What comes through a proxy comes from anybody.
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
            return (synth(405, "Not allowed"));
        }
        # What was read before this change must not be stored after it, should it be on its way.
        if (req.http.change-number) {
            var.global_set("change", req.http.change-number);
        }
        set req.http.purged = xkey.purge(req.http.xkey-purge);
        return (synth(200, "Purged " + req.http.purged));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # A credential decides what is shown; the admin and the rest are nobody's to keep.
    if (req.http.Authorization || req.url !~ "^/api/v1(/|\?|$)") {
        return (pass);
    }
    # The public API reads neither; they would only make copies.
    unset req.http.Cookie;
    if (req.http.Origin) {
        set req.http.Origin = "https://any.invalid";
    }
    # What has run out is shown only while nobody answers behind.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 0s;
    }
    return (hash);
}

sub vcl_backend_fetch {
    # One copy for all: Varnish itself unpacks it for those who cannot.
    if (!bereq.uncacheable) {
        set bereq.http.Accept-Encoding = "gzip";
    }
}

sub vcl_backend_response {
    if (beresp.status == 200 && beresp.http.CDN-Cache-Control ~ "max-age=[0-9]+"
        && (!beresp.http.Change-Number || std.integer(beresp.http.Change-Number, 0)
            >= std.integer(var.global_get("change"), 0))) {
        set beresp.ttl = std.duration(
            regsub(beresp.http.CDN-Cache-Control, "^.*max-age=([0-9]+).*$", "\1") + "s", 0s);
        set beresp.grace = 1h;
        set beresp.http.xkey = beresp.http.Surrogate-Key;
    } else {
        # Errors, and what was shown while the database was away.
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.CDN-Cache-Control;
    unset resp.http.Change-Number;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}

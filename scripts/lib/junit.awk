# Reads the JUnit file that `ctest --output-junit` writes; prints one line a case: outcome TAB name TAB why it was
# skipped.

function attribute(name,    value) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    return text(value)
}

function text(value) {
    gsub(/&lt;/, "<", value)
    gsub(/&gt;/, ">", value)
    gsub(/&quot;/, "\"", value)
    gsub(/&apos;/, "'", value)
    gsub(/&amp;/, "\\&", value)
    gsub(/[\t\r]/, " ", value)
    return value
}

/<testcase / {
    name = attribute("name")
    status = attribute("status")
    outcome = status == "run" ? "passed" : "failed"
    reason = ""
    take_next = 0
}

# CTest marks both as not run: a case that said it skips, and a program that is not there.
/<skipped / {
    outcome = attribute("message") ~ /^SKIP_/ ? "skipped" : "failed"
    if (outcome == "failed") reason = attribute("message")
}

# GoogleTest: "file:line: Skipped", then the reason. Others: "skipped: reason".
outcome == "skipped" && take_next && reason == "" && $0 !~ /^( *$|\[)/ { reason = text($0); take_next = 0 }
outcome == "skipped" && /: Skipped$/ { take_next = 1 }
outcome == "skipped" && reason == "" && /(^|>)skipped: / { reason = text($0); sub(/^.*skipped: /, "", reason) }

/<\/testcase>/ {
    sub(/<\/?system-out>.*/, "", reason)
    print outcome "\t" name "\t" reason
    outcome = ""
}

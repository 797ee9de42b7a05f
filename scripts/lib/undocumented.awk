# Reads Doxygen's XML (made with EXTRACT_ALL) and names whatever is public or protected and has no description,
# enumerators included. Defaulted and deleted members speak for themselves; namespace detail is not for users.

function attribute(name) {
    return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
}

function element(line) {
    gsub(/<[^>]*>/, "", line)
    gsub(/&lt;/, "<", line)
    gsub(/&gt;/, ">", line)
    gsub(/&amp;/, "\\&", line)
    gsub(/^ +| +$/, "", line)
    return line
}

function report(what, qualified) {
    if (qualified ~ /(^|::)(detail|@[0-9]+)(::|$)/) return
    print (place == "" ? "" : place ": ") what " " qualified " is not documented"
}

# Namespaces that are only reopened or declared here belong to others.
function foreign() { return kind == "namespace" && compound !~ /^event_sourcing(::|$)/ }

/<compounddef / {
    kind = attribute("kind")
    hidden = attribute("prot") == "private"
    described = member = enumerator = 0
}
/<compoundname>/ { compound = element($0) }

/<memberdef / {
    member = 1
    member_kind = attribute("kind")
    member_hidden = attribute("prot") == "private"
    member_described = 0
    member_name = arguments = place = ""
}
/<enumvalue / {
    enumerator = 1
    enumerator_hidden = attribute("prot") == "private"
    enumerator_described = 0
    enumerator_name = ""
}
/<name>/ {
    if (enumerator && enumerator_name == "") enumerator_name = element($0)
    else if (member && !enumerator && member_name == "") member_name = element($0)
}
/<argsstring>/ { if (member) arguments = element($0) }
/<para>/ {
    if (enumerator) enumerator_described = 1
    else if (member) member_described = 1
    else described = 1
}
/<location / { place = attribute("file") ":" attribute("line") }

/<\/enumvalue>/ {
    if (!enumerator_described && !enumerator_hidden && !member_hidden) undocumented_enumerators[++count] = enumerator_name
    enumerator = 0
}
/<\/memberdef>/ {
    scope = kind == "file" ? "" : compound "::"
    # A class's members are listed once, with their class; a file's list repeats them.
    if (!member_hidden && !hidden && kind ~ /^(class|struct|union|namespace|file)$/) {
        if (!member_described && member_kind != "friend" && arguments !~ /= ?(default|delete)$/)
            report(member_kind, scope member_name)
        for (i = 1; i <= count; i++) report("enumerator", scope member_name "::" undocumented_enumerators[i])
    }
    count = member = 0
}
/<\/compounddef>/ {
    if (!described && !hidden && kind ~ /^(class|struct|union|concept|namespace)$/ && !foreign()) report(kind, compound)
    kind = ""
}

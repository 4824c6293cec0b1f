// See the header.
#include "help.hpp"

namespace cubicasa::cli {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t help_column = 28;

// Breaks the text into lines that begin at `indent`; the first one is there already.
std::string wrapped(const std::string& text, std::size_t indent) {
    std::string out;
    std::size_t used = indent;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::size_t size = end - at;
        if (used > indent && used + 1 + size > page_width) {
            out += "\n" + std::string(indent, ' ');
            used = indent;
        } else if (used > indent) {
            out += ' ';
            ++used;
        }
        out.append(text, at, size);
        used += size;
        at = end + 1;
    }
    return out + "\n";
}

std::string entry(const std::string& name, const std::string& text) {
    std::string out = "  " + name;
    if (out.size() + 2 > help_column) {
        out += "\n" + std::string(help_column, ' ');
    } else {
        out.append(help_column - out.size(), ' ');
    }
    return out + wrapped(text, help_column);
}

std::string entry(const parameter& p) {
    std::string help = p.help;
    if (!p.choices.empty() && p.is_option()) {
        help += ": ";
        for (const std::string& c : p.choices) help += (&c == &p.choices.front() ? "" : ", ") + c;
    }
    return entry(p.is_option() && !p.value.empty() ? p.name + " " + p.value : p.name, help);
}

std::string options_of(const std::vector<parameter>& parameters) {
    std::string out;
    for (const parameter& p : parameters) {
        if (p.is_option()) out += entry(p);
    }
    return out + entry("-h, --help", "Print this, and exit");
}

std::string example(const std::string& text) { return "\nExample:\n  " + text + "\n"; }

}  // namespace

std::string help() {
    std::string out =
        "Usage: cubicasa [OPTION]... GROUP COMMAND [ARGUMENT]...\n"
        "Order floor plans, follow them, and fetch them: a client of the CubiCasa Integrate API v3.\n\n";
    for (const group_info& g : groups()) out += entry(g.name, g.summary);
    out += "\n";
    for (const command& c : commands()) {
        if (c.group.empty()) out += entry(c.name, c.summary);
    }
    out += "\nOptions, before the command or behind it:\n" + options_of(global_parameters());
    out += entry("--version", "Print the version, and exit");
    out += example("cubicasa orders list --status Ready");
    return out +
           "\nThe API key is in CUBICASA_API_KEY. Without an account, 'cubicasa sandbox' serves the API here.\n"
           "'cubicasa GROUP --help' and 'cubicasa GROUP COMMAND --help' tell more, 'man cubicasa' all.\n";
}

std::string help_for(const group_info& group) {
    std::string out = "Usage: cubicasa " + group.name + " COMMAND [ARGUMENT]...\n" + group.summary + ".\n\n";
    std::string first;
    for (const command& c : commands()) {
        if (c.group != group.name) continue;
        out += entry(c.name, c.summary);
        if (first.empty()) first = c.example;
    }
    return out + example(first) + "\nOptions of every command: cubicasa --help\n";
}

std::string help_for(const command& c) {
    std::string out = "Usage: cubicasa " + (c.group.empty() ? "" : c.group + " ") + c.name + " [OPTION]...";
    std::string arguments;
    for (const parameter& p : c.parameters) {
        if (p.is_option()) continue;
        out += p.repeated ? " [" + p.name + "]..." : " " + p.name;
        arguments += entry(p);
    }
    out += "\n" + wrapped(c.summary + "." + (c.details.empty() ? "" : " " + c.details), 0) + "\n" + arguments;
    return out + options_of(c.parameters) + example(c.example) + "\nOptions of every command: cubicasa --help\n";
}

}  // namespace cubicasa::cli

// F10: a disk that is really full where the test may mount one, else a server that says so.

#include "subject.hpp"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <random>

namespace postgres_test {
namespace {

using namespace event_sourcing;

/// A tablespace of one megabyte, in memory. Needs root, and a server on this machine that runs as the user postgres.
class SmallDisk {
public:
    explicit SmallDisk(std::string name) : name_{std::move(name)} {
        auto const* const server = ::getpwnam("postgres");
        if (::geteuid() != 0 || server == nullptr) {
            return;
        }
        auto path = (std::filesystem::temp_directory_path() / "event-sourcing-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr || ::chmod(path.c_str(), 0755) != 0) {
            return;
        }
        parent_ = path;
        std::filesystem::create_directory(disk());
        auto const options = "size=1m,mode=0700,uid=" + std::to_string(server->pw_uid);
        mounted_ = ::mount("tmpfs", disk().c_str(), "tmpfs", 0, options.c_str()) == 0;
        if (mounted_) {
            try {
                Sql{server_url()}.run("create tablespace " + name_ + " location '" + disk().string() + "'");
                usable_ = true;
            } catch (SqlFailure const&) {  // the server is elsewhere
            }
        }
    }
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;
    ~SmallDisk() {
        try {
            if (usable_) {
                Sql{server_url()}.run("drop tablespace " + name_);
            }
            if (mounted_) {
                ::umount2(disk().c_str(), MNT_DETACH);
            }
            if (!parent_.empty()) {
                std::filesystem::remove_all(parent_);
            }
        } catch (std::exception const& failure) {
            std::fputs(failure.what(), stderr);
        }
    }

    [[nodiscard]] bool usable() const noexcept { return usable_; }

private:
    [[nodiscard]] std::filesystem::path disk() const { return parent_ / "disk"; }

    std::string name_;
    std::filesystem::path parent_;
    bool mounted_ = false;
    bool usable_ = false;
};

/// Text that does not compress.
std::string noise(std::size_t size, std::mt19937& random) {
    std::string out;
    while (out.size() < size) {
        out += static_cast<char>('a' + random() % 26);
    }
    return out;
}

TEST(Failures, F10_FullDiskIsUnavailableAndLeavesNothingPartial) {
    std::string const name = "small_" + std::to_string(::getpid());
    SmallDisk const disk{name};
    Subject subject;
    RecordProperty("disk", disk.usable() ? "full" : "simulated");
    auto const table = subject.schema.name() + ".event";
    if (disk.usable()) {
        subject.sql.run("create table " + subject.schema.name() + ".filler tablespace " + name +
                        " as select repeat('x', 1000) from generate_series(1, 300)");
        subject.sql.run("alter table " + table + " set tablespace " + name);
    } else {
        std::puts("no small disk could be mounted: the server says that it is full");
        subject.fail_appends("53100", 1);
    }

    std::mt19937 random{1};
    int batches = 0;
    Outcome outcome{.type = "returned", .message = {}};
    while (outcome == "returned" && batches < 100) {
        outcome = outcome_of([&] { subject.append(events(50, "{\"noise\":\"" + noise(1500, random) + "\"}")); });
        batches += outcome == "returned" ? 1 : 0;
    }

    EXPECT_EQ(outcome, "Unavailable");
    EXPECT_TRUE(outcome.retryable);
    EXPECT_NE(outcome.message.find("disk"), std::string::npos) << outcome.message;
    EXPECT_EQ(subject.stored(), 50 * batches);
    if (disk.usable()) {
        EXPECT_GT(batches, 0);
        subject.sql.run("drop table " + subject.schema.name() + ".filler");
    }
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
    EXPECT_EQ(subject.stored(), 50 * batches + 1);
}

}  // namespace
}  // namespace postgres_test

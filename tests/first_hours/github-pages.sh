# The first hour of somebody without a machine of their own: GitHub Actions builds, GitHub Pages serves.
#
# tests/clients/test_first_hours.py plays GitHub:
#
#   $HANDBILL        where Handbill can be cloned from
#   $REPOSITORY      an empty repository, as GitHub makes it
#   github EVENT     what GitHub does after a push, or when the schedule's hour has come
#   $PAGES           where it serves what it published
#   items FILE       what a feed reader shows

# The workflow, with its one place filled in, and a file.
git clone --quiet "$HANDBILL" ~/handbill-source
git clone --quiet "$REPOSITORY" ~/harbour
cd ~/harbour
mkdir -p .github/workflows
sed "s|https://example.org/handbill.git|$HANDBILL|" ~/handbill-source/scripts/operate/github-pages.yml \
    >.github/workflows/handbill.yml
cat >entries.toml <<END
[site]
title = "Harbour News"
url = "https://harbour.github.io/news/"
author = "Harbour Watch"

[[entry]]
date = 2026-03-31
title = "Tide tables for 2026"
END
git add --all
git commit --quiet --message "The first entry"
git push --quiet origin HEAD:main
github push
[ "$(items "$PAGES/atom.xml")" = "Tide tables for 2026" ]

# feeds/ came back as a commit: the next change goes on top of it.
git pull --quiet --rebase origin main
ls feeds/ledger.jsonl
cat >>entries.toml <<END

[[entry]]
date = 2026-03-30
title = "Dredging in April
END

# With a slip in it: GitHub shows it at its line, and what is published stays.
git commit --quiet --all --message "Dredging"
git push --quiet origin HEAD:main
if github push >said 2>&1; then exit 1; fi
grep '^::error file=entries.toml,line=12' said
[ "$(items "$PAGES/atom.xml")" = "Tide tables for 2026" ]

# Mended, and published.
sed -i 's|in April$|in April"|' entries.toml
git commit --quiet --all --message "A quotation mark"
git push --quiet origin HEAD:main
github push
items "$PAGES/atom.xml" | grep 'Dredging in April'

# An hour later nothing has changed, and nothing is committed.
git pull --quiet --rebase origin main
before=$(git rev-parse HEAD)
github schedule
git pull --quiet --rebase origin main
[ "$(git rev-parse HEAD)" = "$before" ]

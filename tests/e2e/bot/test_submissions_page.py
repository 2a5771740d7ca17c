"""What readers submitted stands on the operator's pages too."""

from pathlib import Path

from soso.bootstrap import open_app
from soso.config import Settings
from soso.ports.bot_kept import Submission, SubmissionState
from tests.e2e.http_archive import PASSWORD, make_visitor, sign_in


def test_a_submission_is_refused_on_the_page(tmp_path: Path) -> None:
    with open_app(Settings(data=tmp_path)) as app:
        app.set_password(PASSWORD)
        submission = Submission(
            name="stars_soso_demo", chat=5, at=app.clock.now(), title="<b>星星", members=12345
        )
        number = app.store.add_submission(submission)
        visitor = make_visitor(app)
        assert visitor.get("/admin/submissions").status_code == 303
        token = sign_in(visitor)
        page = visitor.get("/admin/submissions").text
        assert "@stars_soso_demo" in page
        assert "&lt;b&gt;星星" in page
        assert visitor.post(f"/admin/submissions/{number}", data={}).status_code == 403
        sent = {"csrf": token, "decision": "refuse", "note": "广告"}
        assert visitor.post(f"/admin/submissions/{number}", data=sent).status_code == 303
        assert app.get_submission(number).state is SubmissionState.REFUSED
        assert [one.note for one in app.list_untold_submissions()] == ["广告"]
        assert "广告" in visitor.get("/admin/submissions?state=refused").text
        gone = visitor.post("/admin/submissions/99", data=sent)
        assert gone.status_code == 400

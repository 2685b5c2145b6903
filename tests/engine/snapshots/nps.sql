SELECT
  "t10"."account_id",
  "t10"."leaf_0" AS "m0",
  "t10"."leaf_1" AS "m1"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CAST("t9"."leaf_0" AS DOUBLE) AS "leaf_0",
    CAST("t9"."leaf_1" AS DOUBLE) AS "leaf_1"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t7"."account_id" AS "account_0",
      "t7"."leaf_0",
      "t7"."leaf_1"
    FROM (
      SELECT
        "t6"."account_id",
        LAST(
          "t6"."score" ORDER BY "t6"."day" ASC, COALESCE("t6"."seq", -9223372036854775807) ASC, "t6"."score" ASC
        ) FILTER(WHERE
          "t6"."score" IS NOT NULL) AS "leaf_0",
        DATE_DIFF('DAY', MAX("t6"."day"), DATE '2026-03-31') AS "leaf_1"
      FROM (
        SELECT
          "t5"."account_id",
          "t5"."day",
          "t5"."seq",
          "t5"."score"
        FROM (
          SELECT
            *
          FROM "data_nps" AS "t1"
          WHERE
            "t1"."day" <= DATE '2026-03-31'
        ) AS "t5"
        SEMI JOIN "requested" AS "t3"
          ON "t5"."account_id" = "t3"."account_id"
      ) AS "t6"
      GROUP BY
        1
    ) AS "t7"
  ) AS "t9"
    ON "t2"."account_id" = "t9"."account_0"
) AS "t10"
ORDER BY
  "t10"."position" ASC;

SELECT
  "t2"."account_id",
  CAST("t2"."leaf_0" AS DOUBLE) AS "leaf_0",
  CAST("t2"."leaf_1" AS DOUBLE) AS "leaf_1"
FROM (
  SELECT
    "t1"."account_id",
    LAST(
      "t1"."score" ORDER BY "t1"."day" ASC, COALESCE("t1"."seq", -9223372036854775807) ASC, "t1"."score" ASC
    ) FILTER(WHERE
      "t1"."score" IS NOT NULL) AS "leaf_0",
    DATE_DIFF('DAY', MAX("t1"."day"), DATE '2026-03-31') AS "leaf_1"
  FROM (
    SELECT
      *
    FROM "data_nps" AS "t0"
    WHERE
      "t0"."day" <= DATE '2026-03-31'
  ) AS "t1"
  GROUP BY
    1
) AS "t2";
